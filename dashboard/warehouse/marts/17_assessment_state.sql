/* Which state did each assessment have on a day: in the register of other tools, and in this product's own records?
   The register keeps every recorded day. Of our own records the day of creation and of approval are known. */
create table assessment_state as
with register as (
    select
        assessment_id,
        project_id,
        template,
        state,
        approved_on,
        review_due_on,
        open_conditions,
        high_residual_risks,
        recorded_on as known_from,
        lead(recorded_on, 1, date '9999-12-31') over (
            partition by assessment_id order by recorded_on
        ) as known_until
    from assessment_register
),

open_condition as (
    select assessment_id, count(*) as conditions
    from record_condition
    where closed_on is null
    group by assessment_id
),

before_approval as (
    select
        assessment_id,
        project_id,
        template,
        case when approved_on is null then state else 'in_review' end as state,
        cast(null as date) as approved_on,
        cast(null as date) as review_due_on,
        0 as open_conditions,
        cast(null as bigint) as high_residual_risks,
        created_on as known_from,
        coalesce(approved_on, date '9999-12-31') as known_until
    from record_assessment
),

after_approval as (
    select
        record.assessment_id,
        record.project_id,
        record.template,
        record.state,
        record.approved_on,
        record.review_due_on,
        coalesce(open_condition.conditions, 0) as open_conditions,
        coalesce(risk.not_accepted, 0) as high_residual_risks,
        record.approved_on as known_from,
        date '9999-12-31' as known_until
    from record_assessment as record
    left join open_condition on record.assessment_id = open_condition.assessment_id
    left join record_risk as risk on record.assessment_id = risk.assessment_id
    where record.approved_on is not null
)

select 'register' as origin, * from register
union all
select 'records' as origin, * from before_approval where known_from < known_until
union all
select 'records' as origin, * from after_approval
order by assessment_id, known_from;
