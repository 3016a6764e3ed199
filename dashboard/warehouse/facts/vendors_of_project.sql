-- Which vendors run the systems of the project's datasets, or supplied its data?
with dataset_in_use as (
    select system_id, source_vendor_id
    from datasets
    where
        list_contains(project_ids, $project)
        and retired_on is null
        and known_until = date '9999-12-31'
),
touched as (
    select system.vendor_id
    from dataset_in_use
    join systems as system
        on system.system_id = dataset_in_use.system_id and system.known_until = date '9999-12-31'
    union
    select source_vendor_id from dataset_in_use
),
agreement as (
    select
        vendor_id,
        bool_or(dpa_signed) as dpa_signed,
        bool_or(audit_right) as audit_right,
        max(transfer_mechanism) as transfer_mechanism
    from contracts
    where known_until = date '9999-12-31'
    group by vendor_id
)
select
    vendor.* exclude (known_from, known_until),
    agreement.dpa_signed,
    agreement.audit_right,
    agreement.transfer_mechanism
from vendors as vendor
join touched on touched.vendor_id = vendor.vendor_id
left join agreement on agreement.vendor_id = vendor.vendor_id
where vendor.known_until = date '9999-12-31'
order by vendor.vendor_id
