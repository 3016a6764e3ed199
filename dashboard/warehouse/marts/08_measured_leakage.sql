/* Which leakage results are there, from exports and from this product's own register of measurements?
   A result that was registered and also loaded as a row counts once; the register wins. */
create table measured_leakage as
with ranked as (
    select
        result_id,
        subject_kind,
        subject_id,
        channel,
        measure,
        method,
        method_version,
        measured as value,
        low,
        high,
        confidence,
        n,
        severity,
        extent,
        power_check,
        null_check,
        measured_on,
        data_sha256,
        code_sha256,
        status,
        measurement_id,
        row_number() over (partition by result_id order by measurement_id) as place
    from record_measurement
),

registered as (
    select * from ranked where place = 1
)

select
    result_id,
    subject_kind,
    subject_id,
    channel,
    measure,
    method,
    method_version,
    value,
    low,
    high,
    confidence,
    n,
    severity,
    extent,
    power_check,
    null_check,
    measured_on,
    data_sha256,
    code_sha256,
    status,
    batch_id,
    line_no,
    cast(null as varchar) as measurement_id
from leakage_results
where result_id not in (select result_id from registered)
union all
select
    result_id,
    subject_kind,
    subject_id,
    channel,
    measure,
    method,
    method_version,
    value,
    low,
    high,
    confidence,
    n,
    severity,
    extent,
    power_check,
    null_check,
    measured_on,
    data_sha256,
    code_sha256,
    status,
    cast(null as varchar) as batch_id,
    cast(null as bigint) as line_no,
    measurement_id
from registered;
