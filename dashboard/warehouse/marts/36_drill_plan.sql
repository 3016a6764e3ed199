/* Which scenarios are rehearsed once a year? The pack drill_plan; a test holds both together. */
create table drill_plan as
select scenario
from (values
    ('breach_notification'), ('restore'), ('rights_surge'), ('erasure'), ('vendor_failure')
) as scenarios (scenario);
