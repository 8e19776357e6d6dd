"""The client doctor: a pure function of journals. What a client does wrong is seen in what
it asked for and what it was answered."""

from reelmock.service.doctor.codes import (
    CODES,
    Code,
    CodeUnknown,
    explain,
    names_checked,
)
from reelmock.service.doctor.findings import (
    Examination,
    Finding,
    examine,
    findings,
    told,
)

__all__ = [
    "CODES",
    "Code",
    "CodeUnknown",
    "Examination",
    "Finding",
    "examine",
    "explain",
    "findings",
    "names_checked",
    "told",
]
