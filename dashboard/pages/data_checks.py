from dashboard.components import empty, page_head


def render() -> None:
    page_head("data_checks", "A sentence.")
    empty("Nothing yet", "Why.")
