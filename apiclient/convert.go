package apiclient

// Accept turns a value as people and programs write it into what is stored, by
// the rules of the field's type.
func (f Field) Accept(v Value) (Value, error) { panic("being written") }

// Send turns a stored value into what hooks and um_zapier_activity_perform_list carry.
func (f Field) Send(v Value, user UserID, site SiteInfo) any { panic("being written") }

// Sample returns a placeholder in the form that Send gives.
func (f Field) Sample() any { panic("being written") }

// StoredForm and SentForm describe the two forms in words.
func (f Field) StoredForm() string { panic("being written") }

// SentForm describes what Send gives.
func (f Field) SentForm() string { panic("being written") }

// Countries returns Ultimate Member's country list.
func Countries() []Choice { panic("being written") }

// PredefinedFields returns Ultimate Member's predefined fields.
func PredefinedFields() []Field { panic("being written") }
