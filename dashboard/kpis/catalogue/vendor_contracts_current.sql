/* ---
title: Vendor contracts in force
question: Which share of our vendor contracts is in force and has a signed data processing agreement?
owner: Head of procurement
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 90
law: GDPR Art. 28(3)
population: Every contract with a vendor that was signed by the day.
row_title: contract
key: [contract_id]
columns:
  contract_id: Contract
  vendor_id: Vendor
  title: Title
  expires_on: Expires
  dpa_signed: Agreement signed
sources: [contracts]
caveats:
  - A contract holds through the day on which it expires.
what_would_change_it: Renewing the contract, signing the agreement, or ending the service and removing the contract.
since: 2026-11-20
--- */
select
    contract_id,
    vendor_id,
    title,
    expires_on,
    dpa_signed,
    dpa_signed and (expires_on is null or expires_on >= $as_of) as is_met
from contracts
where known_from <= $as_of and known_until > $as_of and signed_on <= $as_of
order by expires_on, contract_id
