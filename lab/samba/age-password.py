"""Makes a password old: SMB.CONF SAM.LDB DN DAYS. No LDAP client may write pwdLastSet, so it goes into the database itself."""
import sys
import time

import ldb
from samba.auth import system_session
from samba.param import LoadParm
from samba.samdb import SamDB

configuration, path, dn, days = sys.argv[1:5]
parameters = LoadParm()
parameters.load(configuration)
database = SamDB(url=path, session_info=system_session(), lp=parameters)
# FILETIME: 100 ns since 1601.
moment = int((time.time() - int(days) * 86400 + 11644473600) * 10_000_000)
message = ldb.Message(ldb.Dn(database, dn))
message["pwdLastSet"] = ldb.MessageElement(str(moment), ldb.FLAG_MOD_REPLACE, "pwdLastSet")
# DSDB_CONTROL_PASSWORD_BYPASS_LAST_SET of Samba: as it is, not as a client may write it.
database.modify(message, ["local_oid:1.3.6.1.4.1.7165.4.3.20:0"])
