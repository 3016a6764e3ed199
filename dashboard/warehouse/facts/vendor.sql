-- What does the inventory say about one vendor?
select vendor_id as row_id, *
from vendors
where vendor_id = $vendor and known_until = date '9999-12-31'
