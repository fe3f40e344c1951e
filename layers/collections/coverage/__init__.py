"""Where each layer was checked, when and by whom; outside it the answer is 'not enough data'."""
