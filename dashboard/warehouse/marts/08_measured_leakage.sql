/* Which leakage results are there, from exports and from this product's own register of measurements?
   A result that was registered and also loaded as a row counts once; the register wins. */
create table measured_leakage as
with registered as (
    select * rename (measured as value)
    from record_measurement
    qualify row_number() over (partition by result_id order by measurement_id) = 1
)

select *, cast(null as varchar) as measurement_id
from leakage_results
where result_id not in (select result_id from registered)
union all by name
select * from registered;
