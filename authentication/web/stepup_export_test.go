package web

// StepUp is what Transport reads.
var StepUp = stepUp
