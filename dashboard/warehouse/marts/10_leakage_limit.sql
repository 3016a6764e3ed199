/* How high may the leakage score be for a class of data? The limits of the leakage policy
   (assessments/leakage/policy/limits.yaml); a test holds both together. */
create table leakage_limit as
select data_class, cast(score_limit as double) as score_limit
from (values ('public', 33.0), ('personal', 9.0), ('special', 5.0)) as limits (data_class, score_limit);
