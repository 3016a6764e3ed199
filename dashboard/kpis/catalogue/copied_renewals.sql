/* ---
title: Renewals that copy the assessment before
question: How many renewed assessments say in nine of ten answers exactly what the one before said?
owner: Data protection officer
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 3
law: GDPR Art. 35(11) (a review, not a copy)
population: Every assessment made in this product that renews another one and has answers.
exclusions: Assessments that were withdrawn.
row_title: assessment
key: [assessment_id]
columns:
  assessment_id: Assessment
  project_id: Project
  created_on: Begun
  answers: Answers
  copied: Copied
sources: []
optional_sources: [record_assessment, record_renewal]
caveats:
  - An answer that somebody confirmed unchanged still counts as copied.
what_would_change_it: Looking at each answer again and saying what is so today.
since: 2026-11-24
--- */
select
    renewal.assessment_id,
    record.project_id,
    record.created_on,
    renewal.answers,
    renewal.copied,
    10 * renewal.copied < 9 * renewal.answers as is_met
from record_renewal as renewal
inner join record_assessment as record on renewal.assessment_id = record.assessment_id
where
    record.created_on <= $as_of
    and record.state <> 'withdrawn'
order by created_on, assessment_id
