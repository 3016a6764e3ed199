"""The questionnaire engine: templates, conditions, answers, tables, lints, outcomes and prefill.

One engine; a kind of assessment is a YAML file under ``assessments/templates``.
"""

from assessments.questionnaire.answers import Answer, Answers, Origin, Provenance, Status
from assessments.questionnaire.beginning import start, start_in
from assessments.questionnaire.check import check_answer
from assessments.questionnaire.current import (
    Assessment,
    check_ready,
    load,
    load_in,
    template_of,
)
from assessments.questionnaire.history import (
    AnswerChange,
    Revision,
    diff,
    history,
)
from assessments.questionnaire.library import find_template, list_templates
from assessments.questionnaire.lints import Finding, lint
from assessments.questionnaire.loader import read_template
from assessments.questionnaire.outcome import UNDETERMINED, Outcome, Reason, screening_outcome
from assessments.questionnaire.packs import Pack, list_packs, load_pack
from assessments.questionnaire.prefill import (
    Fact,
    FactSource,
    NoFacts,
    StaleAnswer,
    prefill,
    stale_answers,
)
from assessments.questionnaire.progress import (
    Blocker,
    BlockerKind,
    OpenPoint,
    Task,
    TaskStatus,
    blockers,
    open_points,
    tasks,
)
from assessments.questionnaire.record import (
    record_leakage,
    record_measures,
    record_risks,
    record_scale,
    record_sections,
)
from assessments.questionnaire.session import (
    AnswerConflict,
    Saved,
    add_contributor,
    clear_answer,
    confirm_prefill,
    refresh_prefill,
    save_answer,
    undo,
)
from assessments.questionnaire.template import (
    Column,
    Guidance,
    Lint,
    Option,
    Prefill,
    Question,
    Section,
    Severity,
    Shape,
    Template,
    Type,
)
from assessments.questionnaire.text import (
    answer_text,
    provenance_text,
    table_texts,
    value_text,
)
from assessments.questionnaire.view import (
    View,
    newly_hidden,
    newly_shown,
    next_question,
    options_for,
    previous_question,
    reference_choices,
    row_label,
    set_aside,
    visible_questions,
)
from assessments.questionnaire.wording import explain_hidden, explain_shown

__all__ = [
    "UNDETERMINED",
    "Answer",
    "AnswerChange",
    "AnswerConflict",
    "Answers",
    "Assessment",
    "Blocker",
    "BlockerKind",
    "Column",
    "Fact",
    "FactSource",
    "Finding",
    "Guidance",
    "Lint",
    "NoFacts",
    "OpenPoint",
    "Option",
    "Origin",
    "Outcome",
    "Pack",
    "Prefill",
    "Provenance",
    "Question",
    "Reason",
    "Revision",
    "Saved",
    "Section",
    "Severity",
    "Shape",
    "StaleAnswer",
    "Status",
    "Task",
    "TaskStatus",
    "Template",
    "Type",
    "View",
    "add_contributor",
    "answer_text",
    "blockers",
    "check_answer",
    "check_ready",
    "clear_answer",
    "confirm_prefill",
    "diff",
    "explain_hidden",
    "explain_shown",
    "find_template",
    "history",
    "lint",
    "list_packs",
    "list_templates",
    "load",
    "load_in",
    "load_pack",
    "newly_hidden",
    "newly_shown",
    "next_question",
    "open_points",
    "options_for",
    "prefill",
    "previous_question",
    "provenance_text",
    "read_template",
    "record_leakage",
    "record_measures",
    "record_risks",
    "record_scale",
    "record_sections",
    "reference_choices",
    "refresh_prefill",
    "row_label",
    "save_answer",
    "screening_outcome",
    "set_aside",
    "stale_answers",
    "start",
    "start_in",
    "table_texts",
    "tasks",
    "template_of",
    "undo",
    "value_text",
    "visible_questions",
]
