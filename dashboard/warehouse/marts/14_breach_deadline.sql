/* By which day must a personal-data breach be notified (GDPR Art. 33(1): 72 hours; the export knows days, so three)? */
create table breach_deadline as
select
    incident_id,
    title,
    severity,
    project_id,
    detected_on,
    notified_on,
    closed_on,
    cast(detected_on + to_days(3) as date) as notify_by
from incidents
where personal_data_breach
order by incident_id;
