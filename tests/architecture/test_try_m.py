import pytest
from django.conf import settings
from tests.architecture.matrix.stage import set_up
from tests.architecture.matrix.rows import Row, METHODS
from tests.architecture.matrix.addresses import addresses
@pytest.mark.django_db
def test_discover(django_db_blocker):
    with set_up() as stage:
        for name,_ in addresses():
            if name.startswith(("account_","mfa_")) :
                on={"uidb36":"=abc","key":"=x-y"} if "from_key" in name and "done" not in name else {}
                row=Row(name,on)
                print(name, name in settings.PUBLIC_URL_NAMES, {a:[stage.ask(row,m,a) for m in METHODS] for a in ("signed out","council finance")})
