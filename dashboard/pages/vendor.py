from dashboard.components import empty, page_head


def render() -> None:
    page_head("vendor", "A sentence.")
    empty("Nothing yet", "Why.")
