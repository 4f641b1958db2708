package exchange

// LookAtOnce makes a plan beyond the grids look at so few needs.
func (s *Service) LookAtOnce(n int) { s.widenedNeeds = n }
