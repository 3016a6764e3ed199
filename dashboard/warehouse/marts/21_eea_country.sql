/* Which countries belong to the European Economic Area (ISO 3166-1)? A transfer to any other needs GDPR Chapter V. */
create table eea_country as
select country
from (values
    ('AT'), ('BE'), ('BG'), ('HR'), ('CY'), ('CZ'), ('DK'), ('EE'), ('FI'), ('FR'), ('DE'), ('GR'), ('HU'), ('IE'), ('IT'),
    ('LV'), ('LT'), ('LU'), ('MT'), ('NL'), ('PL'), ('PT'), ('RO'), ('SK'), ('SI'), ('ES'), ('SE'), ('IS'), ('LI'), ('NO')
) as countries (country);
