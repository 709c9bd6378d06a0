"""What was agreed with a customer. The invoices stay the only receivable: an agreement holds them, dates them and is measured by
the entries that payments post to them; it never owes anything itself.
"""

from puntual.agreements.models.consents import Acceptance as Acceptance
from puntual.agreements.models.consents import Approval as Approval
from puntual.agreements.models.extensions import Extension as Extension
from puntual.agreements.models.extensions import Terms as Terms
from puntual.agreements.models.names import who as who
from puntual.agreements.models.plans import Plan as Plan
from puntual.agreements.models.plans import PlanItem as PlanItem
from puntual.agreements.models.plans import PlanPart as PlanPart
from puntual.agreements.models.promises import Promise as Promise
from puntual.agreements.models.promises import PromiseItem as PromiseItem
from puntual.agreements.profiles.models import Finding as Finding
from puntual.agreements.promises.models import PromiseJudgment as PromiseJudgment
