module certgate/peers

go 1.24
