module bench

go 1.22

require github.com/i5heu/ouroboros-db v0.0.18
