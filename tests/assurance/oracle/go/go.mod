module certgate/oracle

go 1.24
