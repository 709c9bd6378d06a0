"""How people sign in."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by an organization's owner, never by signing up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
