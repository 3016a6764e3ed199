-- What the inventory says about one vendor.
select vendor.* exclude (known_from, known_until)
from vendors as vendor
where
    vendor.vendor_id = $vendor
    and vendor.known_until = date '9999-12-31'
