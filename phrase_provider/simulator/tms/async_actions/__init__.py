"""What machines do after the answer, one module per async action; each says what the action ends with."""
