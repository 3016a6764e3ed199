/* Which categories of personal data were found in which field, by whom, and when was that the newest word?
   A newer scan of a field replaces the one before; the inventory's own scan counts beside it. */
create table field_evidence as
with scan as (
    select
        dataset_id,
        field,
        scanned_on as known_from,
        lead(scanned_on, 1, date '9999-12-31') over (
            partition by dataset_id, field order by scanned_on
        ) as known_until
    from field_scans
    group by dataset_id, field, scanned_on
),

found as (
    select
        dataset_id,
        field,
        detected_category as category,
        'inventory' as found_by,
        detected_share as share,
        cast(null as double) as low,
        cast(null as double) as high,
        cast(null as varchar) as masked,
        known_from,
        known_until
    from dataset_fields
    where detected_category is not null
    union all
    select
        finding.dataset_id,
        finding.field,
        finding.category,
        finding.detector as found_by,
        finding.share,
        finding.low,
        finding.high,
        finding.masked,
        scan.known_from,
        scan.known_until
    from field_scans as finding
    inner join scan
        on
            finding.dataset_id = scan.dataset_id and finding.field = scan.field
            and finding.scanned_on = scan.known_from
    where finding.is_proven and finding.category is not null
)

select
    dataset_id,
    field,
    category,
    dataset_id || '.' || field || ':' || category as finding_ref,
    found_by,
    share,
    low,
    high,
    masked,
    known_from,
    known_until
from found
order by dataset_id, field, category, found_by, known_from;
