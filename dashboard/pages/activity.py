from dashboard.components import empty, page_head


def render() -> None:
    page_head("activity", "A sentence.")
    empty("Nothing yet", "Why.")
