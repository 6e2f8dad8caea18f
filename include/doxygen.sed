# What Doxygen reads in the place of a header; line numbers stay.

# Between backticks, the names of C become links, and so do the error codes, which stand there without OURO_ERROR_.
/^ *(\/\/\/|\*)/ s/`((ouro|OURO)_[A-Za-z0-9_]*[A-Za-z0-9])`/#\1/g
/^ *(\/\/\/|\*)/ s/`([A-Z]+(_[A-Z]+)*)`/@ref OURO_ERROR_\1 "\1"/g

# The inline namespace, which programs leave out.
s/^(inline namespace|\}  \/\/ namespace) OUROBOROSDB_INLINE_NAMESPACE.*//
