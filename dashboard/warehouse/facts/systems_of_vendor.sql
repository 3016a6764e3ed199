-- Which systems does the vendor run, and where?
select system.* exclude (known_from, known_until)
from systems as system
where
    system.vendor_id = $vendor
    and system.known_until = date '9999-12-31'
order by system.system_id
