-- Which contracts are there with the vendor, and what do they say about data?
select contract.* exclude (known_from, known_until)
from contracts as contract
where
    contract.vendor_id = $vendor
    and contract.known_until = date '9999-12-31'
order by contract.contract_id
