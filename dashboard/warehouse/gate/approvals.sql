-- Which impact assessments does the imported register call approved, and until when?
with latest as (
    select
        assessment_id,
        state,
        review_due_on,
        row_number() over (partition by assessment_id order by recorded_on desc) as recency
    from assessment_register
    where
        project_id = $project
        and template = 'dpia'
)
select assessment_id, review_due_on
from latest
where
    recency = 1
    and state in ('approved', 'approved_with_conditions')
order by assessment_id
