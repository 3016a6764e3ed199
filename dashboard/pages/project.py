from dashboard.components import empty, page_head


def render() -> None:
    page_head("project", "A sentence.")
    empty("Nothing yet", "Why.")
