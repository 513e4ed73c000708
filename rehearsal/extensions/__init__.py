"""Operations that moto lacks or does wrongly, a module per service; see `rehearsal/extend.py`."""
