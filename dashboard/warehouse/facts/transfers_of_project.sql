-- Which vendors run the project's systems or receive data of its activity outside the EEA, and on which contract?
with dataset_in_use as (
    select system_id
    from datasets
    where
        list_contains(project_ids, $project)
        and retired_on is null
        and known_until = date '9999-12-31'
),
hosting as (
    select
        system.vendor_id,
        string_agg(distinct system.name, ', ' order by system.name) as systems,
        max(system.country) filter (where eea_country.country is null) as country_abroad
    from dataset_in_use
    join systems as system
        on system.system_id = dataset_in_use.system_id and system.known_until = date '9999-12-31'
    left join eea_country on eea_country.country = system.country
    group by system.vendor_id
),
recipient as (
    select
        unnest(activity.recipients) as name,
        activity.transfer_mechanism
    from processing_activities as activity
    join projects as project
        on project.activity_id = activity.activity_id and project.known_until = date '9999-12-31'
    where project.project_id = $project and activity.known_until = date '9999-12-31'
),
agreement as (
    select
        vendor_id,
        bool_or(dpa_signed) as dpa_signed,
        bool_or(audit_right) as audit_right,
        max(transfer_mechanism) as transfer_mechanism,
        max(title) as contract,
        max(signed_on) as signed_on,
        max(expires_on) as expires_on,
        max(usage_limits) as usage_limits
    from contracts
    where known_until = date '9999-12-31'
    group by vendor_id
)
select
    vendor.* exclude (known_from, known_until, country),
    case when eea_country.country is null then vendor.country else hosting.country_abroad end
        as country,
    hosting.systems,
    hosting.vendor_id is null as is_recipient_only,
    agreement.dpa_signed,
    agreement.audit_right,
    coalesce(agreement.transfer_mechanism, recipient.transfer_mechanism) as transfer_mechanism,
    agreement.contract,
    agreement.signed_on,
    agreement.expires_on,
    agreement.usage_limits
from vendors as vendor
left join hosting on hosting.vendor_id = vendor.vendor_id
left join recipient on recipient.name = vendor.name
left join agreement on agreement.vendor_id = vendor.vendor_id
left join eea_country on eea_country.country = vendor.country
where
    vendor.known_until = date '9999-12-31'
    and (eea_country.country is null or hosting.country_abroad is not null)
    and (hosting.vendor_id is not null or recipient.name is not null)
order by vendor.vendor_id
