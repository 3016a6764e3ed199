-- Which datasets in use came from the vendor, or lie in a system that it runs?
select
    dataset.* exclude (known_from, known_until),
    coalesce(dataset.source_vendor_id = $vendor, false) as is_delivered
from datasets as dataset
left join systems as system
    on system.system_id = dataset.system_id and system.known_until = date '9999-12-31'
where
    (dataset.source_vendor_id = $vendor or system.vendor_id = $vendor)
    and dataset.retired_on is null
    and dataset.known_until = date '9999-12-31'
order by dataset.dataset_id
