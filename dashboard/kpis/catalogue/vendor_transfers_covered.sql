/* ---
title: Vendors abroad with a transfer mechanism
question: Which share of our contracts with vendors outside the EEA names the mechanism that the transfer rests on?
owner: Head of procurement
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 100
law: GDPR Art. 44 to 49
population: Every contract in force with a vendor established outside the European Economic Area.
row_title: contract
key: [contract_id]
columns:
  contract_id: Contract
  vendor_id: Vendor
  vendor_name: Vendor name
  country: Country
  transfer_mechanism: Mechanism
sources: [contracts, vendors]
caveats:
  - The country is where the vendor is established, not where it stores data.
what_would_change_it: Agreeing standard contractual clauses, relying on an adequacy decision, or changing the vendor.
since: 2026-11-20
--- */
select
    contract.contract_id,
    contract.vendor_id,
    vendor.name as vendor_name,
    vendor.country,
    contract.transfer_mechanism,
    contract.transfer_mechanism is not null as is_met
from contracts as contract
inner join vendors as vendor on contract.vendor_id = vendor.vendor_id
left join eea_country on vendor.country = eea_country.country
where
    contract.known_from <= $as_of and contract.known_until > $as_of
    and vendor.known_from <= $as_of and vendor.known_until > $as_of
    and contract.signed_on <= $as_of and (contract.expires_on is null or contract.expires_on >= $as_of)
    and eea_country.country is null
order by contract_id
