module standinagent

go 1.22
