"""Payment links: a customer pays what is open by Stripe or Mercado Pago; what they report is recorded once and matched by our
reference.
"""
