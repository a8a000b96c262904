package metadata_test

import (
	"testing"

	"github.com/seed6e7d3bb2/authing-go/internal/wiretest"
)

func TestMain(m *testing.M) { wiretest.Main(m) }
