def tiles_first(get_response):
    return get_response
