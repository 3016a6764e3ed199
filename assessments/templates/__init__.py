"""One YAML a kind of assessment; packs hold laws, criteria and scales as dated data."""
