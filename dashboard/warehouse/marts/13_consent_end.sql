/* On which day was each consent given and withdrawn (UTC)? */
create table consent_end as
select
    consent_id,
    subject_ref,
    purpose_id,
    cast(given_at as date) as given_on,
    cast(withdrawn_at as date) as withdrawn_on,
    channel,
    notice_version
from consents
order by consent_id;
