/* ---
title: Projects with a valid DPIA
question: Which share of our projects in pilot or production has an approved impact assessment whose review is not overdue?
owner: Data protection officer
unit: percent
direction: higher
aggregate: share_met
target: 100
warn: 90
law: GDPR Art. 35(1), 35(7) and 35(11)
population: Every project in pilot or production on the day.
exclusions: Projects whose screening found that no assessment is needed.
row_title: project
key: [project_id]
columns:
  project_id: Project
  project_name: Name
  owner_id: Owner
  stage: Stage
  assessment_id: Assessment
  assessment_state: State
  approved_on: Approved
  review_due_on: Review due
sources: [projects, assessment_register]
optional_sources: [record_assessment, record_condition, record_risk]
caveats:
  - Assessments made in this product and those of the register count alike.
  - The stage is the one that the inventory knew on the day.
what_would_change_it: Approving an assessment for the project, or reviewing the one whose review is due.
since: 2026-11-20
board: 3
--- */
with project as (
    select project_id, name as project_name, owner_id, stage
    from projects
    where
        known_from <= $as_of and known_until > $as_of
        and stage in ('pilot', 'production')
        and (screening_outcome is null or screening_outcome <> 'no_dpia')
        and (launched_on is null or launched_on <= $as_of)
),

dpia as (
    select
        assessment_id,
        project_id,
        state,
        approved_on,
        review_due_on,
        state in ('approved', 'approved_with_conditions')
        and (review_due_on is null or review_due_on >= $as_of) as is_valid
    from assessment_state
    where known_from <= $as_of and known_until > $as_of and template = 'dpia'
),

ranked as (
    select
        *,
        row_number() over (
            partition by project_id
            order by case when is_valid then 0 else 1 end, approved_on desc nulls last, assessment_id
        ) as place
    from dpia
),

best as (
    select * from ranked where place = 1
)

select
    project.project_id,
    project.project_name,
    project.owner_id,
    project.stage,
    best.assessment_id,
    coalesce(best.state, 'none') as assessment_state,
    best.approved_on,
    best.review_due_on,
    coalesce(best.is_valid, false) as is_met
from project
left join best on project.project_id = best.project_id
order by project_id
