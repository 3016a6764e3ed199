/* Which controls does each class of data need? The pack class_controls; a test holds both together.
   longest_until is the day on which the longest retention period ends when counted from 1 January 2000. */
create table class_control as
select classification, control, longest, cast(longest_until as date) as longest_until, cast('2026-11-01' as date) as valid_from
from (values
    ('internal', 'retention', 'P15Y', '2015-01-01'),
    ('confidential', 'encryption', null, null),
    ('confidential', 'retention', 'P10Y', '2010-01-01'),
    ('special_category', 'encryption', null, null),
    ('special_category', 'masking', null, null),
    ('special_category', 'enclave', null, null),
    ('special_category', 'retention', 'P10Y', '2010-01-01')
) as needed (classification, control, longest, longest_until);
