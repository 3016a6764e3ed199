-- Which controls that the class of a dataset needs are missing among the datasets of the project?
select
    judged.dataset_id,
    dataset.name,
    judged.classification,
    judged.control,
    judged.needed,
    judged.present,
    greatest(judged.since, dataset.created_on) as missing_since,
    dataset.batch_id,
    dataset.line_no
from dataset_control as judged
inner join datasets as dataset on judged.dataset_id = dataset.dataset_id
where
    list_contains(dataset.project_ids, $project)
    and dataset.retired_on is null
    and not judged.is_met
    and dataset.known_until = date '9999-12-31'
    and judged.known_until = date '9999-12-31'
order by judged.dataset_id, judged.control
