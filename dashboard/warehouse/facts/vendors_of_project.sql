-- Which vendors run the systems of the project's datasets or supplied its data?
with touched as (
    select s.vendor_id
    from datasets as d
    join systems as s on s.system_id = d.system_id and s.valid_to = date '9999-12-31'
    where list_contains(d.project_ids, $project) and d.retired_on is null and d.valid_to = date '9999-12-31'
    union
    select d.source_vendor_id
    from datasets as d
    where list_contains(d.project_ids, $project) and d.retired_on is null and d.valid_to = date '9999-12-31'
),
agreement as (
    select
        vendor_id,
        bool_or(dpa_signed) as dpa_signed,
        bool_or(audit_right) as audit_right,
        max(transfer_mechanism) as transfer_mechanism
    from contracts
    where valid_to = date '9999-12-31' and (expires_on is null or expires_on >= $as_of)
    group by vendor_id
)
select v.vendor_id as row_id, v.*, a.dpa_signed, a.audit_right, a.transfer_mechanism
from vendors as v
join touched as t on t.vendor_id = v.vendor_id
left join agreement as a on a.vendor_id = v.vendor_id
where v.valid_to = date '9999-12-31'
order by v.vendor_id
