"""The receivables ledger. Balances are kept beside the items and are only ever the sum of their entries."""

from puntual.receivables.interest.models import InterestCharge as InterestCharge
from puntual.receivables.interest.models import InterestTerms as InterestTerms
from puntual.receivables.interest.models import OwnRate as OwnRate
from puntual.receivables.models.amounts import money as money
from puntual.receivables.models.deductions import DeductionFile as DeductionFile
from puntual.receivables.models.deductions import ExpectedDeduction as ExpectedDeduction
from puntual.receivables.models.documents import CreditNote as CreditNote
from puntual.receivables.models.documents import Installment as Installment
from puntual.receivables.models.documents import Invoice as Invoice
from puntual.receivables.models.documents import InvoiceFile as InvoiceFile
from puntual.receivables.models.documents import Reception as Reception
from puntual.receivables.models.early import EarlyDiscount as EarlyDiscount
from puntual.receivables.models.early import EarlyTerms as EarlyTerms
from puntual.receivables.models.holds import ClaimFact as ClaimFact
from puntual.receivables.models.holds import Hold as Hold
from puntual.receivables.models.ledger import Entry as Entry
from puntual.receivables.models.ledger import PortfolioDelta as PortfolioDelta
