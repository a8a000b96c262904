package authtest

func (s *Server) appID() string     { return either(s.AppID, AppID) }
func (s *Server) secret() string    { return either(s.Secret, Secret) }
func (s *Server) accessKey() string { return either(s.AccessKey, AccessKey) }
func (s *Server) secretKey() string { return either(s.SecretKey, SecretKey) }

func (s *Server) machineScopes() []string {
	if len(s.MachineScopes) > 0 {
		return s.MachineScopes
	}
	return []string{"openid", "profile", "email", "phone", "address", "user", "orders:read", "orders:write"}
}

func either(value, otherwise string) string {
	if value != "" {
		return value
	}
	return otherwise
}
