module trowel.test/pipe

go 1.24
