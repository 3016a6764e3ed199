-- What does the inventory say about one vendor?
select *
from vendors
where vendor_id = $vendor and known_until = date '9999-12-31'
