/* ---
title: Controls that a class of data needs and lacks
question: How many controls does the class of a dataset ask for that are not there?
owner: Head of information security
unit: count
direction: lower
aggregate: count_failing
target: 0
warn: 5
law: GDPR Art. 5(1)(e), 9(1), 25(1) and 32(1)(a)
population: Every control that the policy asks for, of every dataset in use.
exclusions: Datasets whose class needs no control.
row_title: control of a dataset
key: [dataset_id, control]
columns:
  dataset_id: Dataset
  owner_id: Owner
  classification: Class
  control: Control
  needed: What the class needs
  present: What is there
  missing_since: Missing since
sources: [datasets, systems]
caveats:
  - The policy is the pack class_controls, and counts from the day that it names.
  - What nobody states is not there.
what_would_change_it: Putting the control in place, moving the dataset to a system that has it, or classifying the dataset correctly.
since: 2026-11-24
--- */
select
    judged.dataset_id,
    datasets.owner_id,
    judged.classification,
    judged.control,
    judged.needed,
    judged.present,
    case when not judged.is_met then greatest(judged.since, datasets.created_on) end as missing_since,
    judged.is_met
from dataset_control as judged
inner join datasets on judged.dataset_id = datasets.dataset_id
where
    judged.known_from <= $as_of and judged.known_until > $as_of
    and datasets.known_from <= $as_of and datasets.known_until > $as_of
    and datasets.created_on <= $as_of
    and (datasets.retired_on is null or datasets.retired_on > $as_of)
order by dataset_id, control
