/* What does each processing activity list: its purposes, categories of data and countries of transfer? One row an item. */
create table activity_item as
select activity_id, 'purpose' as item_kind, unnest(purposes) as item, known_from, known_until
from processing_activities
union all
select activity_id, 'category' as item_kind, unnest(data_categories) as item, known_from, known_until
from processing_activities
union all
select activity_id, 'country' as item_kind, unnest(transfer_countries) as item, known_from, known_until
from processing_activities
order by activity_id, item_kind, item, known_from;
