/* Which category of personal data does the name of a field suggest? The patterns of the pack field_names; a test
   holds both together. One row a field, category and version of the inventory. */
create table field_name_hint as
with pattern as (
    select *
    from (values
        ('name', '(^|_)(first|last|given|family|full|maiden|sur|fore|nick|user|customer|patient)_?name(_|$)|vorname|nachname|familienname|(^|_)prenom(_|$)|apellido|(^|_)cognome(_|$)|achternaam'),
        ('contact', 'e_?mail|(^|_)(tele)?phone|telefon|(^|_)mobile_?(no|nr|number|phone)?$|(^|_)fax(_|$)|(^|_)(street|postal|home|mail)_?address|(^|_)address(_line)?_?[0-9]?$|adresse|strasse|(^|_)(zip|post)_?code(_|$)|indirizzo|direccion'),
        ('national_id', '(^|_)(ssn|nino|nhs_?(no|number)|bsn|nir|dni|nie|pesel|hetu|personnummer|codice_fiscale|passport(_?(no|nr|number))?|tax_?id|steuer_?id|driving_?licen[cs]e)(_|$)'),
        ('demographic', '(^|_)(birth_?(date|day|year|place)?|date_of_birth|dob|gender|sex|nationality|marital_?status)(_|$)|geburt|geschlecht|naissance|nacimiento'),
        ('financial', '(^|_)(iban|bic|account_?(no|nr|number)|card_?(no|nr|number)|salary|income|gehalt)(_|$)'),
        ('location', '(^|_)(lat|lon|lng|latitude|longitude|gps|geo_?hash)(_|$)'),
        ('device', '(^|_)(ip|ip_?addr(ess)?|mac_?(addr(ess)?)?|cookie(_id)?|device_?id|advertising_?id|idfa|imei|imsi|user_?agent|session_?id)(_|$)'),
        ('authentication', '(^|_)(password|passwd|pwd|passwort|secret_?question|otp_?seed|access_?token|refresh_?token)(_hash)?(_|$)'),
        ('health', 'diagnos|(^|_)(icd_?(9|10|11)?|snomed|medication|prescription|symptoms?|allerg(y|ies)|blood_?(type|group|pressure)|disabilit(y|ies)|pregnan(t|cy)|sick_?(leave|note|days)|krankheit|maladie)(_|$)'),
        ('genetic', '(^|_)(genom(e|ic)|genotype|dna|snp|allele)(_|$)'),
        ('biometric', '(^|_)(finger_?print|face_?(id|template|embedding)|iris_?(scan|code)|voice_?print|biometric)(_|$)'),
        ('ethnicity', '(^|_)(ethnic(ity)?|race|ethnic_?group|herkunft)(_|$)'),
        ('belief', '(^|_)(religion|religious|faith|church_?tax|konfession)(_|$)'),
        ('union_membership', '(^|_)(trade_?union|union_?member(ship)?|gewerkschaft)(_|$)'),
        ('political_opinion', '(^|_)(political_?(party|opinion)|party_?member(ship)?)(_|$)'),
        ('sexual_life', '(^|_)(sexual_?orientation)(_|$)')
    ) as patterns (category, pattern)
),

named as (
    select
        dataset_id,
        field,
        regexp_replace(lower(field), '[ .-]+', '_', 'g') as spelled,
        known_from,
        known_until
    from dataset_fields
)

select
    named.dataset_id,
    named.field,
    pattern.category,
    named.dataset_id || '.' || named.field || ':' || pattern.category as finding_ref,
    named.known_from,
    named.known_until
from named
inner join pattern on regexp_matches(named.spelled, pattern.pattern)
order by dataset_id, field, category, known_from;
