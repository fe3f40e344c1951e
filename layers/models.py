"""Re-exports for Django, which looks for models here. Imported by no one."""

from layers.access.models import AccessEntry, Membership, SignInAttempt
from layers.collections.agencies.models import Agency
from layers.collections.areas.models import Area, Succession
from layers.collections.coverage.models import Coverage
from layers.collections.documents.models import Document, ParcelDocument
from layers.collections.parcels.models import LandUse, Parcel, ParcelLineage, Party, Right
from layers.collections.planning_zones.models import PlanningZone
from layers.collections.tourism_sites.models import TourismSite
from layers.editing.models import Change, Changeset, LayerState, Version
from layers.jobs.models import Job, JobFile, JobPart
from layers.procedures.models import CodeSuccession, Competence, Procedure, Rule
from layers.reading.models import Selection, SelectionStep
from layers.reports.models import BatchLine, Extract, ReferenceBatch

__all__ = [
    "AccessEntry", "Agency", "Area", "BatchLine", "Change", "Changeset", "CodeSuccession", "Competence",
    "Coverage", "Document", "Extract", "Job", "JobFile", "JobPart", "LandUse", "LayerState", "Membership",
    "Parcel", "ParcelDocument", "ParcelLineage", "Party", "PlanningZone", "Procedure", "ReferenceBatch", "Right",
    "Rule", "Selection", "SelectionStep", "SignInAttempt", "Succession", "TourismSite", "Version",
]  # fmt: skip
