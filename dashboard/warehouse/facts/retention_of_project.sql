-- How long is each dataset of the project kept, and which personal categories does it hold?
select
    d.dataset_id,
    d.name,
    d.retention_period,
    f.declared_category as categories,
    d.batch_id,
    d.line_no
from datasets as d
join dataset_fields as f on f.dataset_id = d.dataset_id and f.known_until = date '9999-12-31'
where list_contains(d.project_ids, $project)
  and d.retired_on is null
  and d.known_until = date '9999-12-31'
  and list_contains($personal, f.declared_category)
group by d.dataset_id, d.name, d.retention_period, f.declared_category, d.batch_id, d.line_no
order by d.dataset_id, f.declared_category
